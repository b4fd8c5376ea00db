# What a mocked provider returns: open invoices that nobody has paid, and empty
# lists. Copy this file to tests/mocks, name the folder in a test, and override
# what a run needs. An override replaces all of these values of its resource.
#
#   mock_provider "payinvoice" {
#     source = "./tests/mocks" # in OpenTofu, the blocks of this file instead
#   }
#
#   run "a_paid_order_is_shipped" {
#     override_resource {
#       target = payinvoice_meum_invoice.order
#       values = { phase = "paid", status = "paid", money_moved = true }
#     }
#
#     assert {
#       condition     = output.ship
#       error_message = "A paid order is shipped."
#     }
#   }

mock_resource "payinvoice_cryptocloud_invoice" {
  defaults = {
    id               = "INV-VOP38DRW"
    checkout_url     = "https://pay.cryptocloud.plus/VOP38DRW"
    status           = "created"
    phase            = "open"
    money_moved      = false
    created_at       = "2026-01-15T10:00:00Z"
    expires_at       = "2099-12-31T10:00:00Z"
    order_id         = "order-1001"
    shop_id          = "SandboxDemoShop1"
    currency         = "USD"
    invoice_status   = "start"
    address          = "TKgfjySMh41JD8AxoDxXRz4cZf78kqJrnz"
    payment_currency = "USDT_TRC20"
    amount_in_fiat   = "25.00"
    amount_in_crypto = "25.00"
    amount_usd       = "25.00"
    amount_paid      = "0.00"
    amount_paid_usd  = "0.00"
    received         = "0.00"
    received_usd     = "0.00"
    fee              = "1.40"
    fee_usd          = "1.40"
    service_fee      = "0.48"
    service_fee_usd  = "0.48"
    test_mode        = false
    tx_list          = []
    deletion_policy  = "cancel"
    adopt_existing   = false
  }
}

mock_resource "payinvoice_hesabe_invoice" {
  defaults = {
    id                = "8821124"
    checkout_url      = "https://merchantapi.hesabe.com/s/TGJNSLHB"
    status            = "0"
    phase             = "open"
    money_moved       = false
    created_at        = "2026-01-15T10:00:00Z"
    updated_at        = "2026-01-15T10:00:00Z"
    expires_at        = "2099-12-31"
    reference_number  = "order-1001"
    invoice_type      = "url"
    language          = "en"
    allocate_pay_type = [1, 2]
    token             = "8417958497623303223848"
    access_key        = "TGJNSLHB"
    service_charge    = "0.000"
    discount          = "0.000"
    visited_count     = 0
    deletion_policy   = "cancel"
    adopt_existing    = false
  }
}

mock_resource "payinvoice_xpays_invoice" {
  defaults = {
    id                   = "b7545e19-64b0-47d9-a526-6bd9fc5b33ec"
    checkout_url         = "https://xpays.example.com/pay/b7545e19-64b0-47d9-a526-6bd9fc5b33ec"
    status               = "PENDING"
    phase                = "open"
    money_moved          = false
    created_at           = "2026-01-15T10:00:00Z"
    expires_at           = "2099-12-31T10:00:00Z"
    seq_num              = 1
    network              = "mainnet"
    payment_status       = "PAYMENT_CHECKING"
    payment_amount       = "40.00"
    merchant_amount      = "0"
    address              = "TKgfjySMh41JD8AxoDxXRz4cZf78kqJrnz"
    additional_data      = "{}"
    auto_convert         = false
    convert_to           = "USDT"
    is_multiple_order    = true
    is_completed         = false
    lifetime             = 900
    fee_subtract         = "0"
    fee_percent          = "0.4"
    discount_amount      = "0"
    discount_percent     = 0
    accuracy_percent     = "0.5"
    support_currencies   = []
    except_currencies    = []
    exchange_rate        = "1.00"
    exchange_rate_source = "COINGECKO"
    payment_match_type   = "EXACTLY"
    owned_by_group       = "5b1d7f0a-3c52-4e0e-9d6f-1a2b3c4d5e6f"
    agent_id             = "c0aa41f7-8b1e-4c57-a3d9-6f5e4d3c2b1a"
    deletion_policy      = "cancel"
  }
}

mock_resource "payinvoice_meum_invoice" {
  defaults = {
    id                = "inv_32e98239a66a49391d0f9b559f81164a"
    checkout_url      = "https://pay.meum.io/inv_32e98239a66a49391d0f9b559f81164a"
    status            = "awaiting_payment"
    phase             = "open"
    money_moved       = false
    created_at        = "2026-01-15T10:00:00Z"
    updated_at        = "2026-01-15T10:00:00Z"
    expires_at        = "2099-12-31T23:59:59Z"
    external_order_id = "order-1001"
    currency          = "USD"
    order_amount      = "19.90"
    order_currency    = "USD"
    output_asset      = "USDC"
    paid_amount       = "0.00"
    deletion_policy   = "cancel"
    adopt_existing    = false
  }
}

mock_resource "payinvoice_sandbox_event" {
  defaults = {
    id          = "1"
    happened_at = "2026-01-15T10:05:00Z"
    status      = "paid"
    phase       = "paid"
  }
}

mock_data "payinvoice_cryptocloud_invoice" {
  defaults = {
    checkout_url     = "https://pay.cryptocloud.plus/VOP38DRW"
    status           = "created"
    phase            = "open"
    money_moved      = false
    created_at       = "2026-01-15T10:00:00Z"
    expires_at       = "2099-12-31T10:00:00Z"
    order_id         = "order-1001"
    currency         = "USD"
    invoice_status   = "start"
    address          = "TKgfjySMh41JD8AxoDxXRz4cZf78kqJrnz"
    payment_currency = "USDT_TRC20"
    amount_in_fiat   = "25.00"
    amount_in_crypto = "25.00"
    amount_usd       = "25.00"
    amount_paid      = "0.00"
    amount_paid_usd  = "0.00"
    received         = "0.00"
    received_usd     = "0.00"
    fee              = "1.40"
    fee_usd          = "1.40"
    service_fee      = "0.48"
    service_fee_usd  = "0.48"
    test_mode        = false
    tx_list          = []
    amount           = "25.00"
  }
}

mock_data "payinvoice_hesabe_invoice" {
  defaults = {
    checkout_url      = "https://merchantapi.hesabe.com/s/TGJNSLHB"
    status            = "0"
    phase             = "open"
    money_moved       = false
    created_at        = "2026-01-15T10:00:00Z"
    updated_at        = "2026-01-15T10:00:00Z"
    expires_at        = "2099-12-31"
    reference_number  = "order-1001"
    invoice_type      = "url"
    language          = "en"
    allocate_pay_type = [1, 2]
    token             = "8417958497623303223848"
    access_key        = "TGJNSLHB"
    service_charge    = "0.000"
    discount          = "0.000"
    visited_count     = 0
    amount            = "7.500"
  }
}

mock_data "payinvoice_xpays_invoice" {
  defaults = {
    checkout_url         = "https://xpays.example.com/pay/b7545e19-64b0-47d9-a526-6bd9fc5b33ec"
    status               = "PENDING"
    phase                = "open"
    money_moved          = false
    created_at           = "2026-01-15T10:00:00Z"
    expires_at           = "2099-12-31T10:00:00Z"
    seq_num              = 1
    network              = "mainnet"
    payment_status       = "PAYMENT_CHECKING"
    payment_amount       = "40.00"
    merchant_amount      = "0"
    address              = "TKgfjySMh41JD8AxoDxXRz4cZf78kqJrnz"
    additional_data      = "{}"
    auto_convert         = false
    convert_to           = "USDT"
    is_multiple_order    = true
    is_completed         = false
    lifetime             = 900
    fee_subtract         = "0"
    fee_percent          = "0.4"
    discount_amount      = "0"
    discount_percent     = 0
    accuracy_percent     = "0.5"
    support_currencies   = []
    except_currencies    = []
    exchange_rate        = "1.00"
    exchange_rate_source = "COINGECKO"
    payment_match_type   = "EXACTLY"
    owned_by_group       = "5b1d7f0a-3c52-4e0e-9d6f-1a2b3c4d5e6f"
    agent_id             = "c0aa41f7-8b1e-4c57-a3d9-6f5e4d3c2b1a"
    amount               = "40.00"
    order_id             = "order-1001"
    from_fiat_currency   = "USD"
    to_crypto_currency   = "USDT"
    chain                = "tron"
  }
}

mock_data "payinvoice_meum_invoice" {
  defaults = {
    checkout_url      = "https://pay.meum.io/inv_32e98239a66a49391d0f9b559f81164a"
    status            = "awaiting_payment"
    phase             = "open"
    money_moved       = false
    created_at        = "2026-01-15T10:00:00Z"
    updated_at        = "2026-01-15T10:00:00Z"
    expires_at        = "2099-12-31T23:59:59Z"
    external_order_id = "order-1001"
    currency          = "USD"
    order_amount      = "19.90"
    order_currency    = "USD"
    output_asset      = "USDC"
    paid_amount       = "0.00"
    amount            = "19.90"
    metadata          = "{}"
  }
}

mock_data "payinvoice_cryptocloud_invoice_status" {
  defaults = {
    status = "created"
    phase  = "open"
  }
}

mock_data "payinvoice_cryptocloud_statistics" {
  defaults = {
    counts = {
      all      = 3
      created  = 1
      paid     = 1
      overpaid = 0
      partial  = 0
      canceled = 1
    }
    amounts_usd = {
      all      = "75.00"
      created  = "25.00"
      paid     = "25.00"
      overpaid = "0"
      partial  = "0"
      canceled = "25.00"
    }
  }
}
