package demo

import (
	"fmt"
	"math/rand/v2"
)

// Surnames and given names are put together at random; any likeness is chance.
// The rare characters are there because real lists have them, and a receipt
// must print them.
var (
	surnames = []string{"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "高", "林", "罗",
		"郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "潘", "袁", "蔡", "蒋", "余", "顾", "钱", "沈", "陆", "欧阳"}
	givens = []string{"建国", "秀英", "桂兰", "玉珍", "国平", "志强", "丽华", "海燕", "文斌", "晓雯", "秀兰", "建华", "红梅", "永强", "春燕", "志明",
		"金凤", "月娥", "德明", "国栋", "小芳", "雪梅", "家豪", "梓涵", "宇轩", "子墨", "惠珍", "阿根", "林娣", "福生", "龙宝", "妙珍", "伟", "敏", "静", "磊", "洋", "勇", "艳", "杰"}
	rareNames = []string{"陈𬱖", "沈䶮", "陆㛃", "顾𫖯"}
)

// person draws a name and a telephone.
func person(r *rand.Rand, n int) (name, phone string) {
	if n%97 == 11 && n/97 < len(rareNames) {
		name = rareNames[n/97]
	} else {
		name = surnames[r.IntN(len(surnames))] + givens[r.IntN(len(givens))]
	}
	prefixes := []string{"130", "135", "138", "139", "150", "158", "159", "186", "189"}
	return name, prefixes[r.IntN(len(prefixes))] + fmt.Sprintf("%08d", r.IntN(100_000_000))
}
