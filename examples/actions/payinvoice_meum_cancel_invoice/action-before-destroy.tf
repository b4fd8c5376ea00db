resource "payinvoice_meum_invoice" "order" {
  amount            = "19.90"
  external_order_id = "order-1001"

  lifecycle {
    action_trigger {
      events  = [before_destroy]
      actions = [action.payinvoice_meum_cancel_invoice.order]
    }
  }
}

action "payinvoice_meum_cancel_invoice" "order" {
  config {
    id            = caller.id
    ignore_closed = true
  }
}
