variable "meum_api_key" {
  type      = string
  sensitive = true
  ephemeral = true # in no plan file and in no state file
}

provider "payinvoice" {
  meum = {
    api_key = var.meum_api_key
  }
}

resource "payinvoice_meum_invoice" "order" {
  amount = "19.90"
}
