resource "payinvoice_hesabe_invoice" "order" {
  amount     = "20.250"
  expires_at = "2030-12-31" # the last day on which it can be paid, in Kuwait

  # The next apply replaces an invoice that has been canceled.
  replace_when = ["canceled"]
}
