mock_resource "payinvoice_meum_invoice" {
  defaults = {
    id           = "inv_cb1e73f508a2abf4ea639f100de14cef"
    phase        = "paid"
    status       = "paid"
    checkout_url = "https://pay.meum.io/inv_cb1e73f508a2abf4ea639f100de14cef"
  }
}
