list "payinvoice_meum_invoice" "open" {
  provider = payinvoice

  # Each result contains the whole invoice, not only its id.
  include_resource = true

  config {
    status = "awaiting_payment"
  }
}
