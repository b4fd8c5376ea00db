data "payinvoice_hesabe_invoice" "order" {
  id = "14696"
}

output "phase" {
  value = data.payinvoice_hesabe_invoice.order.phase
}
