"""The texts that ovchat's tokenizer is compared on, and the prompts that its generation is compared on."""

SPECIAL_TOKENS = ["<s>", "</s>", "<unk>", "<|endoftext|>", "<|assistant|>", "<|system|>", "<|end|>", "<|user|>"]

BLANKS = [
    "", " ", "  ", "   ", "    ", " " * 17, "\t", "\t\t", "\n", "\n\n", "\r\n", "\r", " \n", "\n ", " \t \n ", "\u00a0",
    "\u2003", "\u3000", "\u200b", "\ufeff", "\v\f", "\u0085", "\u2028\u2029",
]

SPACES = [
    "a", " a", "  a", "    a", "a ", "a  ", "a    ", " a ", "a b", "a  b", "a   b", "  two  spaces  ", "▁", "▁a", "a▁b",
    "▁ ▁", "tab\tbetween", "line\nbreak", "line\n\nbreaks", "line \n with spaces \n around", "trailing line break\n",
    "\nleading line break", "\n\n\n  three breaks, two spaces",
]

MARKS = [
    "<|end", "|>", "<|", "<|end|", "< |end|>", "<|END|>", "<|end|><|end|>", "<|end|> <|end|>", "<s><s>", "<s>a</s>",
    "<s> a </s> b", "</s>\n\n", "<unk>a", "<unk> a", "<s>\n<|user|>", "<0x0A>", "<0xF0><0x9F>", "<pad>", "[INST]",
    "<|placeholder1|>", "<|placeholder6|>\n", "<|user|>hello<|end|><|assistant|>",
    "<|user|>\nhello<|end|>\n<|assistant|>\n",
    "<|system|>You are a helpful AI assistant.<|end|><|user|>can you introduce yourself?<|end|><|assistant|>",
    "<|system|>\nYou are brief.<|end|>\n<|user|>\nHi!<|end|>\n<|assistant|>\nHello.<|end|>\n<|user|>\nBye.<|end|>\n",
]

CODE = [
    "if (a) {\n    b();\n}\n", "\tint i = 0;\r\n\treturn i;\r\n", "def f(x):\n    return x ** 2\n\n\nprint(f(3))",
    "class A {\n  private final int[] ids;\n\n  A(int... ids) {\n    this.ids = ids.clone();\n  }\n}\n",
    "var config = Map.of(\"PERFORMANCE_HINT\", \"LATENCY\", \"NUM_STREAMS\", \"1\", \"CACHE_DIR\", \"\");",
    "SELECT a.b, COUNT(*) FROM t AS a WHERE a.c <> 'x' GROUP BY 1;", "<html>\n  <p class=\"x\">1 &lt; 2</p>\n</html>",
    "{\"eos_token_id\": [32000, 32001, 32007], \"nested\": {\"null\": null}}", "x = {k: [v] for k, v in d.items()}",
    "for (int i = 0; i < 10; i++) sum += i * i; // squares", "#include <stdio.h>\nint main(void) { return 0; }",
    "$ ./scripts/run --help | grep -E '^ +--' > out.txt 2>&1", "a\\b\\\\c\\n", "https://example.org/a?b=c&d=%20#e",
    "self.assertEqual(0, len(x[-1:]))", "BaseModelOutputWithPastAndCrossAttentions", "snake_case_and_camelCase_andX2",
    "        eight spaces\n            twelve\n\t\ttwo tabs", "+-*/%=<>!&|^~?:;,.@#$`'\"\\()[]{}",
]

NUMBERS = [
    "0", "7", "42", "2026", "0123456789", "3.14", "-1e-9", "1,000,000", "1 000 000", "0x1F600", "12:34:56", "50 %", "½ ¾ ⅓",
    "1st 2nd 3rd", "v2026.4.1", "x²+y³", "٣٤٥", "१२३", "①②③",
]

WORDS = [
    "Hello, world!", "can you introduce yourself?", "Can You Introduce Yourself?", "don't can't won't it's I'm", "antidisestablishmentarianism",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "abababababababab", "tokenization detokenization retokenizing", "THE END", "tHe eNd",
    "Well... yes -- no; maybe?!", "“quoted” ‘text’ «aussi» „auch“", "en–dash em—dash ellipsis…", "e-mail: a.b@c.org",
    "naïve café façade coöperate", "Straße groß ÄÖÜ", "Ελληνικά γράμματα", "Русский текст", "Türkçe İıŞş", "Tiếng Việt",
    "العربية نص", "עברית טקסט", "हिन्दी में पाठ", "ภาษาไทย", "தமிழ் உரை", "ქართული", "Հայերեն", "አማርኛ", "日本語のテキスト。", "简体中文文本。",
]

# What the document's five languages look like; written for this list.
LANGUAGES = [
    # Indonesian
    "Model ini menjawab pertanyaan pendek.", "Muat model, lalu tulis sebuah prompt.", "Berapa lama ia berpikir?",
    "Buku catatan ini berjalan di laptop biasa.", "Terima kasih, sampai jumpa besok!",
    # Traditional Chinese
    "這個模型會回答簡短的問題。", "先載入模型，再輸入提示。", "它需要多少時間思考？", "這本筆記可以在一般的筆電上執行。", "謝謝，明天見！",
    # Swahili
    "Modeli hii hujibu maswali mafupi.", "Pakia modeli, kisha andika ombi.", "Inachukua muda gani kufikiri?",
    "Daftari hili hufanya kazi kwenye kompyuta ya kawaida.", "Asante, tutaonana kesho!",
    # Portuguese
    "Este modelo responde a perguntas curtas.", "Carregue o modelo e então escreva um prompt.", "Quanto tempo ele leva para pensar?",
    "Este caderno roda em um laptop comum; não é preciso GPU.", "Obrigado, até amanhã!",
    # Korean
    "이 모델은 짧은 질문에 대답합니다.", "모델을 불러온 다음 프롬프트를 쓰세요.", "생각하는 데 얼마나 걸리나요?",
    "이 노트북은 평범한 컴퓨터에서 실행됩니다.", "감사합니다, 내일 봐요!",
]

CHARACTERS = [
    "🙂", "🙂🙂🙂", "text 🙂 text", "👩‍👩‍👧", "👍🏽", "🇩🇪🇰🇷", "❤️", "🚨🚨", "e\u0301", "é", "e\u0301\u0302\u0323", "\u0301", "a\u0300b\u0300", "ñ n\u0303", "ﬁ ① Ⅷ",
    "Å Å Å", "ǆ ß ẞ", "한", "\u1112\u1161\u11ab", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "\U0010ffff", "\ue000", "\ufffd", "\ufffd\ufffd", "\x00", "a\x00b", "\x01\x02\x7f", "\u200d\u200c",
    "\u202eright to left\u202c", "zero\u200bwidth", "soft\u00adhyphen", "Z͑ͫa̴l͖g̈o̲",
]

LONG = [
    "word " * 700,  # more than the 512 tokens that DJL cuts at by itself
    "one sentence after the other. " * 900,  # 5,000 tokens and more
    "🙂" * 1300,  # 5,000 byte tokens and more
    "a" * 3000,
    " " * 3000,
    "if (x) {\n    y();\n}\n" * 250,
]

AROUND_MARKS = [
    template.format(token)
    for token in SPECIAL_TOKENS
    for template in ("{}", "{}\n", "\n{}", "\n\n{}\n\n", " {} ", "a{}b", "a {} b", "{} \n\t a")
]

TEXTS = BLANKS + SPACES + MARKS + CODE + NUMBERS + WORDS + LANGUAGES + CHARACTERS + LONG + AROUND_MARKS

# Beside the questions that the demo model knows: some that lead it off its paths.
STRANGE_QUESTIONS = [
    "Please count from one to a hundred.", "xyzzy", "🙂🙂🙂", "Write a long story about the sea and the wind.", "Por que o céu é azul?",
    "{\"a\": [1, 2, 3]}",
]
