import { Controller, Get, Header } from '@nestjs/common';
import { docsPage } from './docs-page.js';
import { openApi } from './open-api.js';

/** The description of this interface, for machines and for people. Open to everyone: it holds no data. */
@Controller('docs')
export class DocsController {
  private readonly document = openApi();
  private readonly html = docsPage(this.document);

  @Get('openapi.json')
  json(): Record<string, unknown> {
    return this.document;
  }

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(): string {
    return this.html;
  }
}
