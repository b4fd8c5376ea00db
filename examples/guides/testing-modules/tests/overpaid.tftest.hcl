run "an_overpaid_order_is_settled" {
  variables {
    order_id = "order-1001"
    amount   = "19.90"
  }

  # Terraform does not create this invoice. It uses these values instead.
  override_resource {
    target = payinvoice_meum_invoice.order
    values = {
      phase        = "overpaid"
      checkout_url = null
    }
  }

  assert {
    condition     = output.settled
    error_message = "An overpaid order can be shipped."
  }
}
