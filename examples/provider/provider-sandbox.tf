# No account, no key, no network: all gateways are simulated by the provider.
provider "payinvoice" {
  sandbox = {
    data_dir = "${path.root}/.payinvoice"
  }
}
