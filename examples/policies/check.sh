#!/usr/bin/env bash
# Prints the invoices that violate a policy, and fails if there are any. Needs jq.
#
#   terraform init
#   DAYS=30 ./check.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

found=$(terraform query -json)
invoices=$(jq 'select(.type == "list_resource_found").list_resource_found.resource_object' <<<"$found")

status=0
for policy in *.jq; do
  violations=$(jq --raw-output --arg days "${DAYS:-30}" --from-file "$policy" <<<"$invoices")
  if [ -n "$violations" ]; then
    printf '%s:\n%s\n' "${policy%.jq}" "$violations"
    status=1
  fi
done
exit "$status"
