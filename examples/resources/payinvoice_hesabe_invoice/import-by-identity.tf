import {
  to = payinvoice_hesabe_invoice.order
  identity = {
    id = "14696"
  }
}
