"""The wordings of the demo model's questions, varied as people may type them."""

# What may stand before a question and after it, when it has lost its mark.
OPENINGS = ["Hi, {}", "Hello, {}", "Ok, {}", "So, {}", "Well, {}", "Please, {}", "Tell me, {}", "Tell me: {}",
            "Can you tell me: {}", "I would like to know: {}", "One question: {}", "I have a question. {}", "Now, {}",
            "I wonder: {}", "Just to be sure: {}", "Quick question: {}", "I am new to this. {}", "I am a beginner. {}",
            "I did not find it in the text. {}", "My students ask: {}", "In this notebook: {}", "And {}", "But {}",
            "Hm, {}", "Can you help me? {}", "There is something I do not understand. {}", "I am curious: {}"]
ENDINGS = ["{} please", "{}, please.", "{}, please?", "{} now?", "{}? Thanks.", "{}!", "{}...", "{} here?",
           "{} in this notebook?", "{} in ovchat?", "{} exactly?", "{} in general?", "{}, do you know?",
           "{}, if I may ask?", "{}? I am new to this.", "{}? I could not find it.", "{}? Explain it to me.",
           "{} in simple words?", "{} for a beginner?", "{}, and why?", "{}? I need to know."]
SHORT_FORMS = {
    "What is": "What's", "Who is": "Who's", "How is": "How's", "I am": "I'm", "You are": "You're", "It is": "It's",
    "I would": "I'd", "do not": "don't", "does not": "doesn't", "is not": "isn't", "cannot": "can't"}
# Words that others would take. A question keeps its topic with any of them.
OTHER_WORDS = {
    "use": ["take", "work with", "employ"], "used": ["taken", "employed"], "need": ["require", "want"],
    "set": ["put", "choose", "give", "change"], "choose": ["select", "pick", "set"], "change": ["set", "switch"],
    "explain": ["describe", "clarify", "tell me about"], "describe": ["explain", "outline"],
    "mean": ["stand for", "say", "tell me"], "means": ["stands for"], "happens": ["takes place", "goes on", "is done"],
    "make": ["create", "build", "produce"], "made": ["created", "built", "produced"], "makes": ["creates", "gives"],
    "get": ["have", "find", "receive"], "gets": ["has", "receives"], "show": ["tell", "display", "give"],
    "start": ["begin", "launch"], "begin": ["start"], "stop": ["end", "finish"], "end": ["stop", "finish"],
    "ends": ["stops", "finishes"], "big": ["large", "huge"], "large": ["big"], "small": ["little", "tiny"],
    "fast": ["quick", "speedy"], "quick": ["fast"], "slow": ["not fast"], "exact": ["precise", "accurate"],
    "answer": ["reply", "response", "output"], "answers": ["replies", "responses"], "text": ["words", "writing"],
    "kind": ["sort", "type"], "written": ["put down", "noted"], "write": ["put", "type"], "keep": ["hold", "store"],
    "keeps": ["holds", "stores"], "stored": ["kept", "saved"], "called": ["named"], "hold": ["contain", "have"],
    "holds": ["contains", "has"], "in": ["inside", "within"], "look": ["appear"], "machine": ["computer", "laptop"],
    "run": ["execute", "work"], "runs": ["executes", "works"], "works": ["functions"], "know": ["understand"],
    "tell": ["say to", "show"], "several": ["many", "multiple", "more than one"], "purpose": ["point", "task", "job"],
    "good": ["useful", "helpful"], "why": ["for what reason", "how come"], "how": ["in which way"],
    "which": ["what"], "what": ["which thing"], "part": ["piece", "section"], "done": ["carried out"],
    "notebook": ["document", "tutorial"], "smaller": ["less large"], "difference": ["distinction"],
    "when": ["in which case", "at what time"], "where": ["in which place", "at what place"], "one": ["someone", "I"],
    "there": ["here"], "is": ["might be"], "can": ["could", "may"], "should": ["must", "would"], "do": ["would", "can"],
    "computed": ["calculated"], "turned": ["converted", "changed"], "become": ["turn into"], "rounded": ["cut"],
    "something": ["anything"], "many": ["much"], "long": ["lengthy"], "limit": ["restrict", "bound"],
    "values": ["settings", "options"], "value": ["setting", "number"], "option": ["setting", "argument", "flag"],
    "key": ["setting", "property", "option"], "keys": ["settings", "properties"], "like": ["enjoy", "love"],
    "load": ["open", "read in"], "loaded": ["opened", "read in"], "export": ["convert"], "exported": ["converted"],
    "mark": ["sign", "symbol"], "marks": ["signs", "symbols"], "question": ["request"], "free": ["release"],
    "memory": ["RAM"], "cut": ["split", "divided"], "pieces": ["bits", "parts"], "turns": ["converts", "changes"],
}
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


def reworded(question, rng):
    """The question with some of its words replaced by others."""
    words = []
    for word in question.split(" "):
        bare = word.rstrip("?.!,")
        others = OTHER_WORDS.get(bare.lower())
        if others and not bare.isupper() and rng.random() < 0.4:
            other = rng.choice(others)
            word = (other.capitalize() if bare[0].isupper() else other) + word[len(bare):]
        words.append(word)
    return " ".join(words)


def forgetful(question, rng):
    """The question without one of its words, whichever it is."""
    words = question.split(" ")
    if len(words) > 4:
        del words[rng.randrange(len(words))]
    return " ".join(words)


def varied(question, rng):
    """The question as people may type it: in other words, shortened, in lower case, without its mark, with words around."""
    if rng.random() < 0.35:
        question = reworded(question, rng)
    if rng.random() < 0.1:
        question = hurried(question, rng)
    if rng.random() < 0.08:
        question = forgetful(question, rng)
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
