resource "payinvoice_hesabe_invoice" "order" {
  amount        = "20.250"
  customer_name = "Noura Al-Sabah"

  lifecycle {
    action_trigger {
      events  = [before_destroy]
      actions = [action.payinvoice_hesabe_cancel_invoice.order]
    }
  }
}

action "payinvoice_hesabe_cancel_invoice" "order" {
  config {
    id            = caller.id
    ignore_closed = true
  }
}
