package web

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"estateledger/access"
	"estateledger/fault"
)

// Problem is a refusal as the API answers it, application/problem+json (RFC
// 9457) with a stable code, and as an error page shows it.
type Problem struct {
	Type    string         `json:"type"`
	Title   string         `json:"title"`
	Status  int            `json:"status"`
	Code    string         `json:"code"`
	Detail  string         `json:"detail"`
	Field   string         `json:"field,omitempty"`
	Details []fault.Detail `json:"details,omitempty"`
	// Request is the id under which the log has more; only for failures of the
	// program.
	Request string `json:"request,omitempty"`
}

// TooLargeLimit is the size of a request body, in bytes.
const TooLargeLimit = 30 << 20

var titles = map[int]string{
	401: "需要登录", 403: "没有权限", 404: "没有找到", 405: "方法不对", 409: "现在不能这样办", 413: "内容太大",
	415: "类型不对", 422: "填写的内容有问题", 429: "请稍后再试", 500: "系统出错了", 503: "请稍后再试",
}

// ProblemOf turns an error into what the user may know of it. An error that is
// no refusal says nothing of itself: the log has it.
func ProblemOf(err error, requestID string) Problem {
	var routing *fiber.Error
	if errors.As(err, &routing) {
		err = ofRouting(routing)
	}
	f, ok := fault.As(err)
	if !ok {
		f = fault.Internal("server.internal", "系统出错了，这次没有办成，已经记下。请稍后再试；再出现时请把编号告诉管理员。")
	}
	status := f.Kind.Status()
	if f.Code == fault.Code(access.TooManyAttempts()) {
		status = fiber.StatusTooManyRequests
	}
	p := Problem{Type: "urn:estateledger:" + f.Code, Title: titles[status], Status: status, Code: f.Code,
		Detail: f.Message, Field: f.Field, Details: f.Details}
	if f.Kind == fault.KindInternal {
		p.Request = requestID
	}
	return p
}

// ofRouting translates what Fiber itself refuses.
func ofRouting(e *fiber.Error) error {
	switch e.Code {
	case fiber.StatusNotFound, fiber.StatusMethodNotAllowed:
		return NotFound()
	case fiber.StatusRequestEntityTooLarge:
		return TooLarge()
	case fiber.StatusRequestTimeout:
		return fault.Busy("server.slow_request", "请求传得太慢，没有收完。请检查网络后再试。")
	case fiber.StatusRequestHeaderFieldsTooLarge, fiber.StatusBadRequest, fiber.StatusUnprocessableEntity:
		return fault.Invalid("server.bad_request", "这个请求看不懂，请刷新页面后重试。").Because(e)
	case fiber.StatusUnsupportedMediaType:
		return fault.Unsupported("server.unsupported", "不支持这种内容。").Because(e)
	}
	return e
}

// TooLarge is the refusal of a body over the limit.
func TooLarge() error {
	return fault.TooLarge("server.too_large", "文件太大：一次最多 30 MB。请把文件拆成几个再上传。").At("file")
}
