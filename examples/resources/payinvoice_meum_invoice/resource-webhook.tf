resource "payinvoice_meum_invoice" "order" {
  amount            = "19.90"
  external_order_id = "order-1001"

  callback_url = "https://shop.example/hooks/meum"
  return_url   = "https://shop.example/orders/1001"

  metadata = jsonencode({
    cart = "c-7731"
  })
}
