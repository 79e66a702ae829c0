package bulletin

func (c *composer) pages() error { return nil }
