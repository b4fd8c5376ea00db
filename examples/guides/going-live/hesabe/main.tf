# HESABE_PASSWORD, HESABE_ACCESS_CODE, HESABE_SECRET_KEY and HESABE_IV_KEY hold
# the secrets.
provider "payinvoice" {
  hesabe = {
    username      = "shop@example.com"
    merchant_code = "842217"

    # Hesabe's own test system. Remove the line to go live.
    endpoint = "https://merchantapisandbox.hesabe.com"
  }
}

data "payinvoice_hesabe_invoices" "today" {
  from_date = formatdate("YYYY-MM-DD", plantimestamp())
}

output "invoices_today" {
  value = length(data.payinvoice_hesabe_invoices.today.invoices)
}
