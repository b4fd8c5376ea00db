#!/usr/bin/env bash
# Checks that the payment page opens. Replace this with your own test.
set -euo pipefail
curl --fail --silent --show-error --location --output /dev/null "$CHECKOUT_URL"
echo "The payment page opens: $CHECKOUT_URL"
