resource "payinvoice_cryptocloud_invoice" "order" {
  amount = "149.90"
}

resource "payinvoice_sandbox_event" "part_payment" {
  gateway    = "cryptocloud"
  invoice_id = payinvoice_cryptocloud_invoice.order.id
  event      = "underpay"
  amount     = "100.00"
}

output "phase" {
  value = payinvoice_sandbox_event.part_payment.phase
}
