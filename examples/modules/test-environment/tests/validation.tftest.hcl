provider "payinvoice" {
  sandbox = {
    data_dir = ".terraform/payinvoice"
  }
}

variables {
  amount = "25.00"
}

run "unknown_gateway" {
  command = plan

  variables {
    gateway = "cash"
  }

  expect_failures = [var.gateway]
}

run "hesabe_in_another_currency" {
  command = plan

  variables {
    gateway  = "hesabe"
    currency = "USD"
  }

  expect_failures = [payinvoice_hesabe_invoice.this]
}
