resource "payinvoice_meum_invoice" "order" {
  amount       = "19.90"
  replace_when = ["expired", "failed"]
}

output "payable_until" {
  value = payinvoice_meum_invoice.order.expires_at
}
