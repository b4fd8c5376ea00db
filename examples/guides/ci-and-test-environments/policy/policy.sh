# Fails if an open invoice violates a policy.
set -euo pipefail

violations=$(terraform query -json | jq --raw-output '
  select(.type == "list_resource_found").list_resource_found.resource_object
  | (select((.created_at[:19] + "Z" | fromdate) < now - 30 * 86400)
      | "\(.id) has been open for more than 30 days"),
    (select(.order_id | startswith("order-") | not)
      | "\(.id) has the reference \(.order_id), which does not start with order-")')

if [ -n "$violations" ]; then
  echo "$violations"
  exit 1
fi
echo "All open invoices follow the policies."
