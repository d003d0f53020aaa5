// TreeReader: declarations, types and attributes.
#include "absl/strings/str_cat.h"
#include "compiler/syntax/antlr/tree_reader.h"

namespace spate::syntax {

std::vector<ast::Annotation> TreeReader::Annotations(
    const std::vector<Tree::AnnotationContext*>& trees) {
  std::vector<ast::Annotation> result;
  for (Tree::AnnotationContext* tree : trees) {
    result.push_back({Name(tree->name()), Exprs(tree->expr()), SpanOf(tree)});
  }
  return result;
}

ast::Declaration TreeReader::Declaration(Tree::DeclarationContext* tree) {
  ast::Declaration d;
  d.span = SpanOf(tree);
  d.doc = DocBefore(tree->getStart());
  d.annotations = Annotations(tree->annotation());
  Tree::DeclarationBodyContext* body = tree->declarationBody();
  const auto type = [&](Tree::TypeExprContext* t) {
    return t == nullptr ? std::nullopt : std::optional<ast::TypeExpr>(Type(t));
  };
  if (auto* import = As<Tree::ImportDeclContext>(body)) {
    d.node = ast::ImportDecl{Text(import->text()), SpanOf(import->text()), std::nullopt};
  } else if (auto* param = As<Tree::ParamDeclContext>(body)) {
    ast::Name name = Name(param->name());
    RefuseUnbounded(name, "param");
    d.node = ast::ParamDecl{std::move(name), type(param->typeExpr()), Expr(param->expr())};
  } else if (auto* constant = As<Tree::ConstDeclContext>(body)) {
    ast::Name name = Name(constant->name());
    RefuseUnbounded(name, "const");
    d.node = ast::ConstDecl{std::move(name), type(constant->typeExpr()), Expr(constant->expr())};
  } else if (auto* function = As<Tree::FnDeclContext>(body)) {
    d.node = Function(function);
  } else if (auto* table = As<Tree::TableDeclContext>(body)) {
    d.node = ast::TableDecl{Name(table->name()), Fields(table->fieldBlock(), /*is_table=*/true)};
  } else if (auto* event = As<Tree::EventDeclContext>(body)) {
    d.node = Event(event);
  } else if (auto* view = As<Tree::ViewDeclContext>(body)) {
    ast::ViewDecl decl{Name(view->name()), {}};
    decl.alternatives = TypeUses(view->alternation(), "a view", /*parentheses=*/false, nullptr);
    d.node = std::move(decl);
  } else {
    d.node = Clock(As<Tree::ClockDeclContext>(body));
  }
  return d;
}

void TreeReader::RefuseUnbounded(const ast::Name& name, absl::string_view what) {
  if (name.text != "unbounded") return;
  Report(DiagnosticCode::kReservedWord, name.span,
         absl::StrCat("`unbounded` cannot name a `", what, "`"))
      .label = "`within unbounded` would not be clear";
}

ast::FnDecl TreeReader::Function(Tree::FnDeclContext* tree) {
  ast::FnDecl decl;
  decl.name = Name(tree->name());
  for (Tree::FnParamContext* param : tree->fnParam()) {
    decl.params.push_back({Name(param->label()), Type(param->typeExpr())});
  }
  if (tree->typeExpr() != nullptr) decl.result = Type(tree->typeExpr());
  decl.body = Expr(tree->expr());
  return decl;
}

ast::EventDecl TreeReader::Event(Tree::EventDeclContext* tree) {
  ast::EventDecl decl;
  for (Tree::EventModifierContext* modifier : tree->eventModifier()) {
    bool& flag = modifier->K_SPARSE() != nullptr ? decl.sparse : decl.internal;
    Once(flag, SpanOf(modifier), absl::StrCat("`", TextOf(SpanOf(modifier)), "`"));
    flag = true;
  }
  const auto names = tree->name();
  decl.name = Name(names[0]);
  if (names.size() > 1) decl.at = Name(names[1]);
  decl.fields = Fields(tree->fieldBlock(), /*is_table=*/false);
  return decl;
}

ast::ClockDecl TreeReader::Clock(Tree::ClockDeclContext* tree) {
  ast::ClockDecl decl;
  decl.name = Name(tree->name());
  decl.every = Period(tree->period());
  for (Tree::ClockOptionContext* option : tree->clockOption()) {
    const bool is_zone = option->K_ZONE() != nullptr;
    const bool there = is_zone ? decl.zone.has_value() : decl.offset.has_value();
    if (!Once(there, SpanOf(option), is_zone ? "`zone`" : "`offset`")) continue;
    if (is_zone) {
      decl.zone = ast::Name{Text(option->text()), SpanOf(option->text())};
    } else {
      decl.offset = ast::Period{SpanOf(option->period()), Duration(option->period()), 0,
                                ast::CalendarUnit::kNone};
    }
  }
  return decl;
}

std::vector<ast::RecordField> TreeReader::Fields(Tree::FieldBlockContext* tree, bool is_table) {
  std::vector<ast::RecordField> result;
  for (Tree::FieldContext* field : tree->field()) result.push_back(Field(field, is_table));
  return result;
}

ast::RecordField TreeReader::Field(Tree::FieldContext* tree, bool is_table) {
  ast::RecordField field;
  field.name = Name(tree->label());
  field.type = Type(tree->typeExpr());
  field.is_key = tree->K_KEY() != nullptr;
  field.doc = DocBefore(tree->getStart());
  if (field.is_key && !is_table) {
    Report(DiagnosticCode::kBadClause, SpanOf(tree->K_KEY()), "only a table has a `key`").label =
        "leave it out";
  }
  if (tree->expr() == nullptr) return field;
  field.computed = Expr(tree->expr());
  if (is_table) {
    Report(DiagnosticCode::kBadClause, field.computed->span,
           "a column of a table cannot be computed");
  }
  return field;
}

ast::TypeExpr TreeReader::Type(Tree::TypeExprContext* tree) {
  ast::TypeExpr type;
  type.span = SpanOf(tree);
  if (auto* scalar = As<Tree::ScalarTypeContext>(tree)) {
    type.name = Name(scalar->name());
    type.nullable = scalar->QUESTION() != nullptr;
  } else if (auto* list = As<Tree::ListTypeContext>(tree)) {
    type.element = std::make_unique<ast::TypeExpr>(Type(list->typeExpr()));
    type.nullable = list->QUESTION() != nullptr;
  } else {
    auto* record = As<Tree::RecordTypeContext>(tree);
    type.is_record = true;
    type.record = Fields(record->fieldBlock(), /*is_table=*/false);
    type.nullable = record->QUESTION() != nullptr;
  }
  return type;
}

}  // namespace spate::syntax
