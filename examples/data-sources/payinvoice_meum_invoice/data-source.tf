data "payinvoice_meum_invoice" "order" {
  id = "inv_cb1e73f508a2abf4ea639f100de14cef"
}

output "phase" {
  value = data.payinvoice_meum_invoice.order.phase
}
