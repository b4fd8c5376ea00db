list "payinvoice_meum_invoice" "open" {
  provider = payinvoice

  # Each result holds the whole invoice, not only its id.
  include_resource = true

  config {
    status = "awaiting_payment"
  }
}
