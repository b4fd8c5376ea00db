#!/usr/bin/env bash
# Runs a command that finds the payment page of an invoice of its own in
# CHECKOUT_URL. The invoice is canceled afterwards, whatever the command does.
#
#   TF_VAR_run_id=4711 ./with-invoice.sh npm test
set -euo pipefail
dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export TF_IN_AUTOMATION=1 TF_INPUT=0

cleanup() {
  local status=$?
  terraform -chdir="$dir" destroy -auto-approve || status=1
  exit "$status"
}

terraform -chdir="$dir" init
trap cleanup EXIT
terraform -chdir="$dir" apply -auto-approve
CHECKOUT_URL=$(terraform -chdir="$dir" output -raw checkout_url)
export CHECKOUT_URL
"$@"
