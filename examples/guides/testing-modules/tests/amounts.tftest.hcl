provider "payinvoice" {
  sandbox = {
    data_dir = ".terraform/payinvoice"
  }
}

variables {
  order_id = "order-1002"
  amount   = "19.90"
}

run "creates_an_invoice" {}

run "respelling_the_amount_keeps_the_invoice" {
  variables {
    amount           = "19.9"
    known_invoice_id = run.creates_an_invoice.invoice_id
  }

  assert {
    condition     = output.invoice_id == var.known_invoice_id
    error_message = "The same amount must keep the same invoice."
  }
}

run "another_amount_creates_another_invoice" {
  variables {
    amount = "24.90"
  }

  assert {
    condition     = payinvoice_meum_invoice.order.amount == "24.90"
    error_message = "The invoice must have the new amount."
  }

  assert {
    condition     = payinvoice_meum_invoice.order.phase == "open"
    error_message = "The new invoice must be open."
  }
}
