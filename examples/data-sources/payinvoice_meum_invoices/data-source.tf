# Every invoice that was created for an order, the oldest first.
data "payinvoice_meum_invoices" "order" {
  external_order_id = "order-1001"
}

output "attempts" {
  value = [for i in data.payinvoice_meum_invoices.order.invoices : "${i.created_at} ${i.phase}"]
}
