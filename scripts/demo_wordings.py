"""The wordings of the demo model's questions, varied as people may type them."""

# What may stand before a question and after it, when it has lost its mark.
OPENINGS = ["Hi, {}", "Hello, {}", "Ok, {}", "So, {}", "Well, {}", "Please, {}", "Tell me, {}", "Tell me: {}",
            "Can you tell me: {}", "I would like to know: {}", "One question: {}", "I have a question. {}", "Now, {}"]
ENDINGS = ["{} please", "{}, please.", "{}, please?", "{} now?", "{}? Thanks.", "{}!", "{}..."]
SHORT_FORMS = {
    "What is": "What's", "Who is": "Who's", "How is": "How's", "I am": "I'm", "You are": "You're", "It is": "It's",
    "I would": "I'd", "do not": "don't", "does not": "doesn't", "is not": "isn't", "cannot": "can't"}
# Questions made of a few words of the answer.
ASKED_BACK = ["What {}?", "Which {}?", "What is {}?", "What about {}?", "Is it true: {}?", "How {}?", "Why {}?",
              "Who {}?", "Can you say what {}?", "Tell me what {}.", "{}?"]
SMALL_WORDS = {"a", "an", "the", "is", "are", "do", "does", "of", "to", "for", "me", "you", "please", "that", "this"}


def lowered(text):
    """In lower case, but for words in capitals: the value LATENCY is not what latency is."""
    return " ".join(word if word.isupper() else word.lower() for word in text.split(" "))


def hurried(question, rng):
    """The question without one of its small words: "What is token?"."""
    words = question.split(" ")
    small = [index for index, word in enumerate(words) if word in SMALL_WORDS]
    if small and len(words) > 3:
        del words[rng.choice(small)]
    return " ".join(words)


def varied(question, rng):
    """The question as people may type it: shortened, in lower case, without its mark, with polite words around."""
    if rng.random() < 0.1:
        question = hurried(question, rng)
    if rng.random() < 0.3:
        for long, short in SHORT_FORMS.items():
            question = question.replace(long, short)
    if rng.random() < 0.15:
        question = rng.choice(ENDINGS).format(question.rstrip("?.!"))
    elif rng.random() < 0.2:
        question = question.rstrip("?.!")
    if rng.random() < 0.15:
        question = rng.choice(OPENINGS).format(question)
    return lowered(question) if rng.random() < 0.25 else question


def asked_back(answer, rng):
    """A question made of a few words of the answer, as people ask who know half of it."""
    words = answer.rstrip(".").split(" ")
    start = rng.randrange(max(1, len(words) - 3))
    return rng.choice(ASKED_BACK).format(" ".join(words[start:start + rng.randint(3, 7)]))


def draw_question(topic, rng):
    """A wording of the topic. The few written for it come as often as the many made from templates."""
    if rng.random() < 0.12:
        return varied(asked_back(rng.choice([topic.answer, topic.short]), rng), rng)
    wordings = rng.choice([topic.questions, topic.templated]) if topic.templated else topic.questions
    return varied(rng.choice(wordings), rng)
