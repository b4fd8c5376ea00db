provider "payinvoice" {
  sandbox = {
    data_dir = ".terraform/payinvoice"
  }
}

variables {
  order_id = "order-1001"
  amount   = "19.90"
}

run "creates_an_invoice" {
  assert {
    condition     = payinvoice_meum_invoice.order.phase == "open"
    error_message = "A new invoice must be open."
  }

  assert {
    condition     = startswith(output.checkout_url, "https://")
    error_message = "There must be a payment page."
  }

  assert {
    condition     = output.settled == false
    error_message = "A new invoice is not paid."
  }
}
