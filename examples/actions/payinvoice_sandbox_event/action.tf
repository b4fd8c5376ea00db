resource "payinvoice_meum_invoice" "order" {
  amount            = "19.90"
  external_order_id = "order-1001"
}

action "payinvoice_sandbox_event" "pay" {
  config {
    gateway    = "meum"
    invoice_id = payinvoice_meum_invoice.order.id
    event      = "pay"
  }
}

output "phase" {
  value = payinvoice_meum_invoice.order.phase
}
