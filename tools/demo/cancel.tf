# Runs only when it is asked for: terraform apply -invoke=...
action "payinvoice_meum_cancel_invoice" "demo" {
  config {
    id = payinvoice_meum_invoice.order.id
  }
}
