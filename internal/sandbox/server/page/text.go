package page

import (
	"strings"

	"github.com/payinvoice/terraform-provider-payinvoice/internal/sandbox/simulator"
)

// text is the text of a payment page in one language.
type text struct {
	Lang, Dir string

	Sandbox     string // at the top
	NoMoney     string
	PayTo       string // before the gateway's name
	Reference   string
	Status      string
	Description string
	PayBefore   string
	TimeLeft    string
	NoDeadline  string
	Send        string // before the amount in the payer's coin
	Address     string
	Network     string
	QRCode      string
	Choose      string
	Return      string
	Closed      string // the payer has nothing left to choose
	Refused     string // the payer's choice came too late

	Phases   map[simulator.Phase]string
	Outcomes map[simulator.Phase]string
	Events   map[simulator.Event]string // those of payerEvents
}

// textFor returns the text in the invoice's language, or otherwise in English.
func textFor(language string) *text {
	language, _, _ = strings.Cut(strings.ToLower(language), "-")
	switch language {
	case "ar":
		return &arabic
	case "ru":
		return &russian
	default:
		return &english
	}
}

var english = text{
	Lang: "en", Dir: "ltr",
	Sandbox: "Sandbox", NoMoney: "This is a test. No money moves.",
	PayTo: "Payment through", Reference: "Reference", Status: "Status", Description: "Description",
	PayBefore: "Pay before", TimeLeft: "Time left", NoDeadline: "No deadline",
	Send: "Send", Address: "Address", Network: "Network", QRCode: "QR code of the address",
	Choose: "What does the payer do?", Return: "Return to the merchant",
	Closed:  "There is nothing more for the payer to do.",
	Refused: "That is no longer possible: the invoice has changed in the meantime.",
	Phases: map[simulator.Phase]string{
		simulator.PhaseOpen: "Open", simulator.PhasePaid: "Paid", simulator.PhaseOverpaid: "Overpaid",
		simulator.PhaseUnderpaid: "Underpaid", simulator.PhaseExpired: "Expired", simulator.PhaseCanceled: "Canceled",
		simulator.PhaseFailed: "Failed", simulator.PhaseRefunded: "Refunded", simulator.PhaseUnknown: "Unknown",
	},
	Outcomes: map[simulator.Phase]string{
		simulator.PhasePaid:      "The invoice is paid.",
		simulator.PhaseOverpaid:  "The invoice is paid, with more than its amount.",
		simulator.PhaseUnderpaid: "A payment has arrived for less than the amount.",
		simulator.PhaseExpired:   "The time to pay has run out.",
		simulator.PhaseCanceled:  "The invoice is canceled.",
		simulator.PhaseFailed:    "The payment has failed.",
		simulator.PhaseRefunded:  "The money has been returned.",
	},
	Events: map[simulator.Event]string{
		simulator.Pay: "Pay", simulator.Underpay: "Pay too little", simulator.Overpay: "Pay too much",
		simulator.Expire: "Let it expire", simulator.Cancel: "Cancel", simulator.Fail: "Let it fail",
	},
}

var arabic = text{
	Lang: "ar", Dir: "rtl",
	Sandbox: "بيئة تجريبية", NoMoney: "هذا اختبار. لا يتم تحويل أي أموال.",
	PayTo: "الدفع عبر", Reference: "المرجع", Status: "الحالة", Description: "الوصف",
	PayBefore: "ادفع قبل", TimeLeft: "الوقت المتبقي", NoDeadline: "بلا موعد نهائي",
	Send: "أرسل", Address: "العنوان", Network: "الشبكة", QRCode: "رمز QR للعنوان",
	Choose: "ماذا يفعل الدافع؟", Return: "العودة إلى التاجر",
	Closed:  "لم يعد هناك ما يفعله الدافع.",
	Refused: "لم يعد ذلك ممكنًا: تغيّرت الفاتورة في هذه الأثناء.",
	Phases: map[simulator.Phase]string{
		simulator.PhaseOpen: "مفتوحة", simulator.PhasePaid: "مدفوعة", simulator.PhaseOverpaid: "مدفوعة بزيادة",
		simulator.PhaseUnderpaid: "مدفوعة جزئيًا", simulator.PhaseExpired: "منتهية الصلاحية", simulator.PhaseCanceled: "ملغاة",
		simulator.PhaseFailed: "فاشلة", simulator.PhaseRefunded: "مستردة", simulator.PhaseUnknown: "غير معروفة",
	},
	Outcomes: map[simulator.Phase]string{
		simulator.PhasePaid:      "تم دفع الفاتورة.",
		simulator.PhaseOverpaid:  "تم دفع الفاتورة بأكثر من قيمتها.",
		simulator.PhaseUnderpaid: "وصلت دفعة أقل من المبلغ المطلوب.",
		simulator.PhaseExpired:   "انتهى وقت الدفع.",
		simulator.PhaseCanceled:  "تم إلغاء الفاتورة.",
		simulator.PhaseFailed:    "فشلت عملية الدفع.",
		simulator.PhaseRefunded:  "تم رد المبلغ.",
	},
	Events: map[simulator.Event]string{
		simulator.Pay: "ادفع", simulator.Underpay: "ادفع أقل", simulator.Overpay: "ادفع أكثر",
		simulator.Expire: "إنهاء الصلاحية", simulator.Cancel: "إلغاء", simulator.Fail: "إفشال الدفع",
	},
}

var russian = text{
	Lang: "ru", Dir: "ltr",
	Sandbox: "Песочница", NoMoney: "Это тест. Деньги не переводятся.",
	PayTo: "Оплата через", Reference: "Номер заказа", Status: "Статус", Description: "Описание",
	PayBefore: "Оплатить до", TimeLeft: "Осталось", NoDeadline: "Без срока",
	Send: "Отправьте", Address: "Адрес", Network: "Сеть", QRCode: "QR-код адреса",
	Choose: "Что делает плательщик?", Return: "Вернуться к продавцу",
	Closed:  "Плательщику больше нечего делать.",
	Refused: "Это уже невозможно: счёт тем временем изменился.",
	Phases: map[simulator.Phase]string{
		simulator.PhaseOpen: "Открыт", simulator.PhasePaid: "Оплачен", simulator.PhaseOverpaid: "Переплачен",
		simulator.PhaseUnderpaid: "Оплачен частично", simulator.PhaseExpired: "Истёк", simulator.PhaseCanceled: "Отменён",
		simulator.PhaseFailed: "Не удался", simulator.PhaseRefunded: "Возвращён", simulator.PhaseUnknown: "Неизвестно",
	},
	Outcomes: map[simulator.Phase]string{
		simulator.PhasePaid:      "Счёт оплачен.",
		simulator.PhaseOverpaid:  "Счёт оплачен с превышением суммы.",
		simulator.PhaseUnderpaid: "Поступил платёж меньше суммы счёта.",
		simulator.PhaseExpired:   "Время оплаты истекло.",
		simulator.PhaseCanceled:  "Счёт отменён.",
		simulator.PhaseFailed:    "Платёж не удался.",
		simulator.PhaseRefunded:  "Деньги возвращены.",
	},
	Events: map[simulator.Event]string{
		simulator.Pay: "Оплатить", simulator.Underpay: "Заплатить меньше", simulator.Overpay: "Заплатить больше",
		simulator.Expire: "Дать истечь", simulator.Cancel: "Отменить", simulator.Fail: "Сорвать платёж",
	},
}
