package main

import "fmt"

func (b *bench) report(string) error {
	for _, p := range peers {
		m := b.of[p.name]
		fmt.Println(p.name)
		for k, v := range m.Times {
			fmt.Printf("  %s n=%d median %.2f p99 %.2f\n", k, len(v), quantile(v, .5), quantile(v, .99))
		}
		fmt.Println(m.Rates, m.Bytes, len(m.Wrong))
	}
	return nil
}
