terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

check "open_invoices" {
  data "payinvoice_cryptocloud_invoices" "open" {
    start  = formatdate("YYYY-MM-DD", timeadd(plantimestamp(), "-8760h"))
    end    = formatdate("YYYY-MM-DD", plantimestamp())
    phases = ["open"]
  }

  assert {
    condition = alltrue([
      for invoice in data.payinvoice_cryptocloud_invoices.open.invoices :
      timecmp(invoice.created_at, timeadd(plantimestamp(), "-720h")) >= 0
    ])
    error_message = "An invoice has been open for more than 30 days."
  }
}
