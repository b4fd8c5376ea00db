terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

# HESABE_PASSWORD, HESABE_ACCESS_CODE, HESABE_SECRET_KEY and HESABE_IV_KEY hold
# the secrets.
provider "payinvoice" {
  hesabe = {
    username      = "shop@example.com" # of the merchant panel
    merchant_code = "1234567"
  }
}

data "payinvoice_hesabe_invoices" "today" {
  from_date = formatdate("YYYY-MM-DD", plantimestamp())
}

output "invoices" {
  value = length(data.payinvoice_hesabe_invoices.today.invoices)
}
