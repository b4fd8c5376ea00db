import {
  to = payinvoice_cryptocloud_invoice.order
  identity = {
    id = "INV-7QK2M9XD"
  }
}
