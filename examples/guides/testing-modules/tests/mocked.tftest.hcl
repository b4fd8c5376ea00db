mock_provider "payinvoice" {
  source = "./tests/mocks"
}

run "a_paid_order_is_settled" {
  variables {
    order_id = "order-1001"
    amount   = "19.90"
  }

  assert {
    condition     = output.settled
    error_message = "A paid order can be shipped."
  }
}
