provider "payinvoice" {
  sandbox = {
    data_dir = ".terraform/payinvoice"
  }
}

variables {
  order_id = "order-1003"
  amount   = "19.90"
}

run "creates_an_invoice" {}

run "pays_the_invoice" {
  module {
    source = "./tests/pay"
  }

  variables {
    invoice_id = run.creates_an_invoice.invoice_id
  }
}

run "settles_the_order" {
  assert {
    condition     = output.settled
    error_message = "A paid order can be shipped."
  }
}
