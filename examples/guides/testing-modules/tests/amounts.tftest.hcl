provider "payinvoice" {
  sandbox = {
    data_dir = ".terraform/payinvoice"
  }
}

variables {
  order_id = "order-1002"
  amount   = "19.90"
}

run "makes_an_invoice" {}

run "respelling_the_amount_keeps_the_invoice" {
  variables {
    amount = "19.9"
  }

  assert {
    condition     = output.invoice_id == run.makes_an_invoice.invoice_id
    error_message = "The same amount must be the same invoice."
  }
}

run "another_amount_makes_another_invoice" {
  variables {
    amount = "24.90"
  }

  assert {
    condition     = output.invoice_id != run.makes_an_invoice.invoice_id
    error_message = "No gateway can change an invoice, so there must be a new one."
  }
}
