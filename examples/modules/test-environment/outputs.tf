output "id" {
  description = "The gateway's id of the invoice."
  value       = local.invoice.id
}

output "reference" {
  description = "The merchant's own reference of the invoice."
  value       = local.reference
}

output "amount" {
  description = "The amount, as decimal text."
  value       = local.invoice.amount
}

output "currency" {
  description = "The currency of the amount."
  value       = local.currency
}

output "phase" {
  description = "The invoice's status in terms that are the same for all gateways."
  value       = local.invoice.phase
}

output "money_moved" {
  description = "Whether any money has been paid or refunded."
  value       = local.invoice.money_moved
}

output "status" {
  description = "The invoice's status, as the gateway returns it."
  value       = local.invoice.status
}

output "checkout_url" {
  description = "The URL of the payment page."
  value       = local.invoice.checkout_url
}

output "created_at" {
  description = "When the invoice was created, in RFC 3339 format, UTC."
  value       = local.invoice.created_at
}

output "expires_at" {
  description = "When the invoice expires: a time in RFC 3339 format, UTC; at Hesabe, a date."
  value       = local.invoice.expires_at
}
