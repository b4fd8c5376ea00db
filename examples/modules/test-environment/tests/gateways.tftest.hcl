# One invoice moves through all gateways. Each run destroys, and thereby
# cancels, the invoice of the run before.

provider "payinvoice" {
  sandbox = {
    data_dir = ".terraform/payinvoice"
  }
}

variables {
  amount    = "25.00"
  reference = "test-environment"
}

run "cryptocloud" {
  variables {
    gateway  = "cryptocloud"
    currency = "EUR"
  }

  assert {
    condition     = output.phase == "open" && startswith(output.id, "INV-") && startswith(output.checkout_url, "https://")
    error_message = "There must be an open CryptoCloud invoice with a payment page."
  }

  assert {
    condition     = output.reference == "test-environment" && output.amount == "25.00" && output.currency == "EUR"
    error_message = "The invoice must be what was asked for."
  }
}

run "hesabe" {
  variables {
    gateway = "hesabe"
  }

  assert {
    condition     = output.phase == "open" && output.reference == "test-environment" && startswith(output.checkout_url, "https://")
    error_message = "There must be an open Hesabe invoice with a payment page."
  }

  assert {
    condition     = output.currency == "KWD"
    error_message = "Hesabe invoices are in KWD."
  }
}

run "meum" {
  variables {
    gateway = "meum"
  }

  assert {
    condition     = output.phase == "open" && output.reference == "test-environment" && startswith(output.id, "inv_")
    error_message = "There must be an open Meum invoice."
  }
}

run "xpays" {
  variables {
    gateway = "xpays"
    xpays   = { to_crypto_currency = "USDC", chain = "ethereum" }
  }

  assert {
    condition     = output.phase == "open" && output.reference == "test-environment" && output.currency == "USD"
    error_message = "There must be an open XPays invoice."
  }

  assert {
    condition     = payinvoice_xpays_invoice.this[0].chain == "ethereum"
    error_message = "The payer must pay on the chain that was asked for."
  }
}

run "xpays_without_a_reference" {
  variables {
    gateway   = "xpays"
    reference = null
  }

  assert {
    condition     = length(output.reference) > 0 && output.reference != "test-environment"
    error_message = "A reference must be generated."
  }
}
