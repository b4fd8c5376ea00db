import {
  to = payinvoice_cryptocloud_invoice.order
  id = "INV-7QK2M9XD"
}
