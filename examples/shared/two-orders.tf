module "invoice" {
  source = "./modules/invoice"

  for_each = {
    order-1001 = "19.90"
    order-1002 = "24.90"
  }

  reference = each.key
  amount    = each.value
}

output "checkout_urls" {
  value = { for reference, invoice in module.invoice : reference => invoice.checkout_url }
}
