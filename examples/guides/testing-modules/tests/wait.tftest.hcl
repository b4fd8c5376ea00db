provider "payinvoice" {
  sandbox = {
    data_dir = ".terraform/payinvoice"
  }
}

variables {
  order_id = "order-1004"
  amount   = "19.90"
}

run "creates_an_invoice" {}

run "waits_for_the_payment" {
  module {
    source = "./tests/wait"
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
