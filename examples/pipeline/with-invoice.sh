#!/usr/bin/env bash
# Creates an invoice, runs a command with its payment page in CHECKOUT_URL, and
# cancels the invoice, even if the command fails.
#
#   TF_VAR_run_id=4711 ./with-invoice.sh ./checkout-test.sh
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
