package exchange

import (
	"testing"
	"time"

	"otklik/app"
)

// TestPortal reads what portals export: in their words, with moments and without.
func TestPortal(t *testing.T) {
	b := readString(t, "Сообщения за неделю;;;;;;;;;;\n"+
		"Номер сообщения;Дата создания;Категория сообщения;Подкатегория;Текст сообщения;Муниципальное образование;Адрес;Заявитель;Статус;Срок ответа;Ответ;Дата ответа\n"+
		"501;24.11.2026 09:15;Дороги;Ямы;Яма у школы;г. Алатырь;ул. Ленина, 1;жительница г. Алатырь;Решено;04.12.2026;'Заделали;25.11.2026 10:00\n"+
		"502;24.11.2026 10:00;ЖКХ;Свет;Нет света;г. Канаш;ул. Мира, 2;;В работе;;;\n"+
		"503;24.11.2026 11:00;ЖКХ;Свет;Спам;г. Канаш;;;Отклонено модератором;;;\n"+
		"504;32.11.2026;ЖКХ;Свет;Нет света;г. Канаш;;;;;;\n"+
		"505;24.11.2026;ЖКХ;Свет;-;г. Канаш;;;;;;\n"+
		"506;24.11.2026 11:00;ЖКХ;Свет;Нет света;г. Канаш;;;;;Починили;23.11.2026\n"+
		"502;24.11.2026 10:00;ЖКХ;Свет;Другими словами;г. Канаш;;;;;;\n")
	check(t, b)
	if b.Format != "appeals" || b.Read != 7 || len(b.Rows) != 3 {
		t.Fatalf("%s: read %d, %d rows, skipped %v", b.Format, b.Read, len(b.Rows), b.Skipped)
	}
	for reason, n := range map[string]int{"bad_date": 1, "no_text": 1, "answered_before_created": 1, "duplicate_row": 1} {
		if reasons(b)[reason] != n {
			t.Errorf("%s: %v", reason, b.Skipped)
		}
	}
	a := b.Rows[0].Appeal
	if a.Number != "501" || a.Topic != "Ямы" || a.Municipality != "г. Алатырь" || a.Place != "ул. Ленина, 1" || a.Author != "жительница г. Алатырь" {
		t.Errorf("%s %s %s %s %s", a.Number, a.Topic, a.Municipality, a.Place, a.Author)
	}
	answer, _ := a.Last(app.EventAnswered)
	if answer.Text != "Заделали" || !answer.At.Equal(time.Date(2026, 11, 25, 7, 0, 0, 0, time.UTC)) {
		t.Errorf("answered %q at %s", answer.Text, answer.At)
	}
	if a.Status != app.StatusClosed || a.Outcome != app.OutcomeSolved || a.Due.IsZero() {
		t.Errorf("%s, %s, due %s", a.Status, a.Outcome, a.Due)
	}
	if b.Rows[1].Appeal.Status != app.StatusNew || b.Rows[2].Appeal.Status != app.StatusRejected {
		t.Errorf("%s, %s", b.Rows[1].Appeal.Status, b.Rows[2].Appeal.Status)
	}

	// A number keeps an appeal what it is when its text is amended.
	again := readString(t, "Номер сообщения;Дата создания;Тема;Текст сообщения\n501;24.11.2026 09:15;Ямы;Яма у школы, большая\n")
	if again.Rows[0].Appeal.ID != a.ID {
		t.Error("another appeal under the same number")
	}
}
