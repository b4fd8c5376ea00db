# Money moves only for an order. The provider makes up a reference that starts
# with tf- where the configuration gives none.
(.order_id // .reference_number // .external_order_id // "") as $reference
| select(.money_moved and ($reference == "" or ($reference | startswith("tf-"))))
| "\(.id) is \(.phase), and has no order's reference"
