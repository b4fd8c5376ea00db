variable "gateway" {
  description = "The gateway of the invoice: cryptocloud, hesabe, meum or xpays."
  type        = string

  validation {
    condition     = contains(["cryptocloud", "hesabe", "meum", "xpays"], var.gateway)
    error_message = "The gateway must be cryptocloud, hesabe, meum or xpays."
  }
}

variable "amount" {
  description = "The amount as decimal text, such as \"25.00\"."
  type        = string
}

variable "currency" {
  description = "The currency of the amount. Default: USD. Hesabe has only KWD."
  type        = string
  default     = null
}

variable "reference" {
  description = "The merchant's own reference, such as the id of a pipeline run. Default: generated."
  type        = string
  default     = null
}

variable "replace_when" {
  description = "The phases in which the next apply creates a new invoice."
  type        = set(string)
  default     = ["expired", "canceled", "failed"]
}

variable "deletion_policy" {
  description = "What destroy does: cancel, cancel_or_fail or abandon."
  type        = string
  default     = "cancel"
}

variable "adopt_existing" {
  description = "Whether to take over an open invoice with the same reference, amount and currency. XPays cannot look up an invoice, so a new one is created there."
  type        = bool
  default     = false
}

variable "xpays" {
  description = "The currency and the chain that the payer uses at XPays."
  type = object({
    to_crypto_currency = optional(string, "USDT")
    chain              = optional(string, "tron")
  })
  default  = {}
  nullable = false
}
