data "payinvoice_cryptocloud_balance" "account" {}

output "withdrawable_usd" {
  value = {
    for balance in data.payinvoice_cryptocloud_balance.account.balances :
    balance.code => balance.available_balance_usd if balance.enabled
  }
}
