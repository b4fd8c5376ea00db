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
  description = "The invoice's state in the words that all gateways share."
  value       = local.invoice.phase
}

output "status" {
  description = "The invoice's state in the gateway's own word."
  value       = local.invoice.status
}

output "checkout_url" {
  description = "The payment page."
  value       = local.invoice.checkout_url
}

output "created_at" {
  description = "When the invoice was made, in RFC 3339, UTC."
  value       = local.invoice.created_at
}

output "expires_at" {
  description = "Until when the invoice can be paid: a time in RFC 3339, UTC, but a date at Hesabe."
  value       = local.invoice.expires_at
}
